# Time-dependent exposure: R's `heart` (Stanford heart transplants), one row a patient, and what R finds.
# Rscript heart_reference.R, in this folder: writes heart.csv and heart_reference.json.
suppressMessages({library(survival);library(jsonlite)})
options(digits=17)
data(heart,package="survival")
h<-heart; h$transplant<-as.integer(as.character(h$transplant))
first<-h[!duplicated(h$id),]
per<-data.frame(id=first$id,time=as.numeric(tapply(h$stop,h$id,max)),event=as.integer(tapply(h$event,h$id,max)),
  exposure=as.numeric(sapply(first$id,function(i){x<-h$start[h$id==i&h$transplant==1]; if(length(x)) x else NA})),
  age=first$age,year=first$year,surgery=first$surgery)
write.csv(per,"heart.csv",row.names=FALSE,na="")

rows<-function(d){
  base<-tmerge(d,d,id=id,death=event(time,event))
  m<-tmerge(base,d,id=id,exposed=tdc(exposure))
  m$exposed[is.na(m$exposed)]<-0
  data.frame(id=m$id,start=m$tstart,stop=m$tstop,event=as.integer(m$death),exposed=as.integer(m$exposed),
    m[,intersect(c("age","year","surgery"),names(m)),drop=FALSE])
}
s<-rows(per)
stopifnot(all.equal(s$start,h$start),all.equal(s$stop,h$stop),all(s$event==h$event),all(s$exposed==h$transplant))

fit<-function(f,d,ties){
  c<-coxph(f,data=d,ties=ties)
  list(coef=as.numeric(coef(c)),se=as.numeric(sqrt(diag(vcov(c)))),loglik=c$loglik,score=c$score)
}
curve<-function(d,...){
  f<-survfit(Surv(start,stop,event)~exposed,data=d,conf.type="log-log",...)
  x<-summary(f,censored=TRUE)
  g<-as.character(x$strata)
  lapply(split(seq_along(x$time),g),function(i) list(time=x$time[i],n_at_risk=x$n.risk[i],n_events=x$n.event[i],
    n_left=x$n.censor[i],survival=x$surv[i],std_error=x$std.err[i],lower=x$lower[i],upper=x$upper[i]))
}
# Independent of the package under test: patient by patient, from the definition of the risk set.
mantel_byar<-function(d){
  o<-e<-v<-0
  for(t in sort(unique(d$time[d$event==1]))){
    r<-d[d$time>=t,]                       # still under observation at t
    x<-!is.na(r$exposure)&r$exposure<t     # exposed before t
    n<-nrow(r); n1<-sum(x); dead<-r$time==t&r$event==1; k<-sum(dead)
    o<-o+sum(dead&x); e<-e+k*n1/n
    if(n>1) v<-v+k*n1*(n-n1)*(n-k)/(n^2*(n-1))
  }
  list(observed=o,expected=e,variance=v,chi_square=(o-e)^2/v,p=pchisq((o-e)^2/v,1,lower.tail=FALSE))
}
untied<-per; untied$time<-untied$time+untied$id/1000
u<-rows(untied)
toy<-data.frame(id=1:6,time=c(10,10,10,10,10,7),event=c(1,1,1,1,0,1),exposure=c(NA,0,4,10,10,12))
out<-list(R=R.version.string,survival=as.character(packageVersion("survival")),
  cox_exposed=fit(Surv(start,stop,event)~exposed,s,"efron"),
  cox_efron=fit(Surv(start,stop,event)~exposed+age+surgery,s,"efron"),
  cox_efron_year=fit(Surv(start,stop,event)~exposed+age+surgery+year,s,"efron"),
  naive=fit(Surv(time,event)~ever,transform(per,ever=as.integer(!is.na(exposure))),"efron"),
  survfit=curve(s),
  survfit_from_30=curve(s[s$stop>30,],start.time=30),  # R alone would keep an event at 30
  mantel_byar=mantel_byar(per),
  mantel_byar_untied=mantel_byar(untied),
  score_untied=coxph(Surv(start,stop,event)~exposed,data=u)$score,
  tmerge_toy=rows(toy))
write(toJSON(out,digits=NA,auto_unbox=TRUE,na="string",pretty=TRUE),"heart_reference.json")
